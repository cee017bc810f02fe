/*
 * Runs SourceAFIS for civid.lab: requests on stdin, answers on stdout, big-endian, many at a time.
 * It holds nothing of SourceAFIS; it calls the jar that the user has put on the class path.
 *
 *   E n, then n x (double dpi, blob: a PNG)  ->  n x blob (a template) or error
 *   L n, then n x (byte foreign, blob)       ->  n x (int id; -1 = no template)
 *   M int probe, n, then n x int reference   ->  n x double score
 *   T blob                                   ->  blob: the template as JSON
 *
 * A blob is an int length and so many bytes; length -1 stands for an error, and a blob follows
 * that says which.
 */
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.machinezoo.sourceafis.FingerprintCompatibility;
import com.machinezoo.sourceafis.FingerprintImage;
import com.machinezoo.sourceafis.FingerprintImageOptions;
import com.machinezoo.sourceafis.FingerprintMatcher;
import com.machinezoo.sourceafis.FingerprintTemplate;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

public class SourceAfisBatch {
    private static final List<FingerprintTemplate> kept = new ArrayList<>();

    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
        System.setOut(System.err);
        for (int verb = in.read(); verb >= 0; verb = in.read()) {
            switch (verb) {
                case 'E': extract(in, out); break;
                case 'L': load(in, out); break;
                case 'M': match(in, out); break;
                case 'T': show(in, out); break;
                default: throw new IOException("unknown request " + verb);
            }
            out.flush();
        }
    }

    private static void extract(DataInputStream in, DataOutputStream out) throws IOException {
        int count = in.readInt();
        double[] dpi = new double[count];
        byte[][] images = new byte[count][];
        for (int i = 0; i < count; i++) {
            dpi[i] = in.readDouble();
            images[i] = in.readNBytes(in.readInt());
        }
        Object[] made = new Object[count];
        IntStream.range(0, count).parallel().forEach(i -> {
            try {
                FingerprintImageOptions options = new FingerprintImageOptions().dpi(dpi[i]);
                made[i] = new FingerprintTemplate(
                    new FingerprintImage(images[i], options)).toByteArray();
            } catch (RuntimeException error) {
                made[i] = error.toString();
            }
        });
        for (Object one : made) {
            if (one instanceof byte[]) {
                writeBlob(out, (byte[]) one);
            } else {
                out.writeInt(-1);
                writeBlob(out, ((String) one).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void load(DataInputStream in, DataOutputStream out) throws IOException {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            boolean foreign = in.readByte() != 0;
            byte[] bytes = in.readNBytes(in.readInt());
            try {
                kept.add(foreign
                    ? FingerprintCompatibility.importTemplate(bytes)
                    : new FingerprintTemplate(bytes));
                out.writeInt(kept.size() - 1);
            } catch (RuntimeException error) {
                out.writeInt(-1);
            }
        }
    }

    private static void match(DataInputStream in, DataOutputStream out) throws IOException {
        FingerprintMatcher matcher = new FingerprintMatcher(kept.get(in.readInt()));
        int[] references = new int[in.readInt()];
        for (int i = 0; i < references.length; i++)
            references[i] = in.readInt();
        double[] scores = IntStream.of(references).parallel()
            .mapToDouble(id -> matcher.match(kept.get(id))).toArray();
        for (double score : scores)
            out.writeDouble(score);
    }

    private static void show(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] bytes = in.readNBytes(in.readInt());
        String text = new ObjectMapper(new CBORFactory()).readTree(bytes).toString();
        writeBlob(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeBlob(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
