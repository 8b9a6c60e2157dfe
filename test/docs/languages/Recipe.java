import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** A server for the tests of a class: make it in @BeforeAll, close it in @AfterAll, reset() in @BeforeEach. */
class Fakelet implements AutoCloseable {
    final String url;
    private final Process server;
    private final HttpClient client = HttpClient.newHttpClient();

    Fakelet() throws Exception {
        server = new ProcessBuilder("fakelet", "--port", "0", "--clock", "manual", "--profile", "fast")
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        // fakelet ready http://127.0.0.1:PORT (…)
        url = new BufferedReader(new InputStreamReader(server.getInputStream())).readLine().split(" ")[2];
    }

    String call(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url + path)).header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        var response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) throw new IllegalStateException(response.body());
        return response.body();
    }

    void reset() throws Exception {
        call("POST", "/_fakelet/v1/reset", "");
    }

    @Override public void close() {
        server.destroy();
    }
}

public class Recipe {
    public static void main(String[] args) throws Exception {
        try (var fakelet = new Fakelet()) {
            fakelet.reset();
            fakelet.call("POST", "/api/v1/namespaces/default/pods", """
                {"metadata":{"name":"crash"},
                 "spec":{"containers":[{"name":"app","image":"busybox:1.36","command":["sh","-c","exit 1"]}]}}""");
            fakelet.call("POST", "/_fakelet/v1/clock/advance", "{\"duration\":\"10m\"}");
            var pod = fakelet.call("GET", "/api/v1/namespaces/default/pods/crash", "");
            if (!pod.replaceAll("\\s", "").contains("\"restartCount\":6")) throw new AssertionError(pod);
            System.out.println("a Pod that crashes is backed off");
        }
    }
}
