// A client of JMS that talks to an ABIS as MOSIP's registration processor does: text messages and
// bytes messages with a time to live, one session that acknowledges by itself, a listener for the
// answers. It is driven by lines on its standard input, and tells what happens on its output:
//
//   listen QUEUE                          -> listening QUEUE
//   send QUEUE text|bytes SECONDS BASE64  -> sent
//   send QUEUE text|bytes SECONDS @FILE   -> sent (for large bodies)
//   (a message came)                      -> got QUEUE text|bytes|CLASS EXPIRES BASE64
//
// Bodies are base64, so that any of them fits on a line; at the end of its input it disconnects,
// and at the first error it ends, so that nobody waits for it.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.jms.BytesMessage;
import javax.jms.Connection;
import javax.jms.ConnectionFactory;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageProducer;
import javax.jms.Session;
import javax.jms.TextMessage;

public final class Peer {
    private static final PrintStream OUT = System.out;

    public static void main(String[] arguments) {
        try {
            converse(arguments);
        } catch (Throwable error) {
            error.printStackTrace();
            Runtime.getRuntime().halt(1); // clients of JMS have threads that would live on
        }
    }

    private static void converse(String[] arguments) throws Exception {
        System.setOut(System.err); // a library that prints must not end up among our lines
        Connection connection =
                factory(arguments[0], arguments[1]).createConnection(arguments[2], arguments[3]);
        connection.start();
        // A session is for one thread: one for the lines, one for what comes.
        Session sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        Session receiving = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = sending.createProducer(null);
        say("ready");
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 5);
            if (words[0].equals("listen")) {
                String queue = words[1];
                receiving.createConsumer(receiving.createQueue(queue))
                        .setMessageListener(message -> got(queue, message));
                say("listening " + queue);
            } else {
                byte[] body =
                        words[4].startsWith("@")
                                ? Files.readAllBytes(Path.of(words[4].substring(1)))
                                : Base64.getDecoder().decode(words[4]);
                producer.setTimeToLive(Long.parseLong(words[3]) * 1000L);
                producer.send(
                        sending.createQueue(words[1]), message(sending, words[2], body));
                say("sent");
            }
        }
        connection.close();
    }

    private static ConnectionFactory factory(String protocol, String url) throws Exception {
        if (protocol.equals("core")) {
            return new org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory(url);
        }
        return new org.apache.activemq.ActiveMQConnectionFactory(url);
    }

    private static Message message(Session session, String kind, byte[] body)
            throws JMSException {
        if (kind.equals("text")) {
            return session.createTextMessage(new String(body, StandardCharsets.UTF_8));
        }
        BytesMessage made = session.createBytesMessage();
        made.writeBytes(body);
        return made;
    }

    private static void got(String queue, Message message) {
        try {
            String kind = message.getClass().getSimpleName();
            byte[] body = new byte[0];
            if (message instanceof TextMessage text) {
                kind = "text";
                body = text.getText().getBytes(StandardCharsets.UTF_8);
            } else if (message instanceof BytesMessage bytes) {
                kind = "bytes";
                body = new byte[(int) bytes.getBodyLength()];
                bytes.readBytes(body);
            }
            String shown = Base64.getEncoder().encodeToString(body);
            say("got " + queue + " " + kind + " " + message.getJMSExpiration() + " " + shown);
        } catch (JMSException error) {
            throw new IllegalStateException(error); // not acknowledged: it comes again
        }
    }

    private static void say(String line) {
        synchronized (OUT) {
            OUT.println(line);
            OUT.flush();
        }
    }
}
