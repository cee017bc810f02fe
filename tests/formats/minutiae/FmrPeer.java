// Reads minutiae records with fingerprintio, says what it sees, and writes them again.
//
// Input, as often as wanted: one byte 1..5 (ANSI 2004, 2009, amendment 1, ISO 2005, 2011), 4 bytes length, the
// record. Output: what is in it, as lines of text; then "#" and the bytes that fingerprintio writes, in hexadecimal.
import java.io.*;
import java.lang.reflect.*;
import java.util.*;

public class FmrPeer {
	static final String[] KINDS = {
		"ansi378v2004.Ansi378v2004", "ansi378v2009.Ansi378v2009", "ansi378v2009am1.Ansi378v2009Am1",
		"iso19794p2v2005.Iso19794p2v2005", "iso19794p2v2011.Iso19794p2v2011" };

	static Object get(Object from, String name) throws Exception {
		return from.getClass().getField(name).get(from);
	}

	static List<?> list(Object from, String name) throws Exception {
		return from == null ? List.of() : (List<?>)get(from, name);
	}

	public static void main(String[] args) throws Exception {
		DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
		StringBuilder out = new StringBuilder();
		for (int kind = in.read(); kind > 0; kind = in.read()) {
			byte[] data = in.readNBytes(in.readInt());
			Class<?> type = Class.forName("com.machinezoo.fingerprintio." + KINDS[kind - 1] + "Template");
			try {
				Object template = type.getConstructor(byte[].class).newInstance(data);
				for (Object print : list(template, "fingerprints"))
					show(print, out);
				byte[] again = (byte[])type.getMethod("toByteArray").invoke(template);
				out.append("#").append(HexFormat.of().formatHex(again)).append("\n");
			} catch (InvocationTargetException error) {
				Throwable cause = error.getCause();
				while (cause.getCause() != null)
					cause = cause.getCause();
				out.append("!").append(String.valueOf(cause.getMessage()).replace('\n', ' ')).append("\n#\n");
			}
		}
		System.out.print(out);
	}

	static void show(Object print, StringBuilder out) throws Exception {
		out.append("view\n");
		for (Object minutia : list(print, "minutiae")) {
			int quality;
			try {
				quality = (Integer)get(minutia, "quality");
			} catch (NoSuchFieldException none) {
				quality = 0;
			}
			out.append(String.format("minutia %d %d %d %d %d%n", ((Enum<?>)get(minutia, "type")).ordinal(),
				get(minutia, "positionX"), get(minutia, "positionY"), get(minutia, "angle"), quality));
		}
		for (Object edge : list(get(print, "counts"), "edges"))
			out.append(String.format("ridges %d %d %d%n", get(edge, "from"), get(edge, "to"), get(edge, "count")));
		for (Object core : list(get(print, "coredelta"), "cores"))
			out.append(String.format("core %d %d %s%n", get(core, "positionX"), get(core, "positionY"), get(core, "angle")));
		for (Object delta : list(get(print, "coredelta"), "deltas"))
			out.append(String.format("delta %d %d %s%n", get(delta, "positionX"), get(delta, "positionY"),
				Arrays.toString((int[])get(delta, "angles"))));
	}
}
