use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A server for one test; it ends with it.
struct Fakelet {
    server: Child,
    address: String,
}

impl Fakelet {
    fn start() -> Fakelet {
        let mut server = Command::new("fakelet")
            .args(["--port", "0", "--clock", "manual", "--profile", "fast"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("fakelet is not installed");
        // fakelet ready http://127.0.0.1:PORT (…)
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').nth(2).unwrap().trim_start_matches("http://").to_string();
        Fakelet { server, address }
    }

    /// Sends a request without a library; give `http://{address}` to kube::Config in a real test.
    fn call(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
        answer
    }
}

impl Drop for Fakelet {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

#[test]
fn a_pod_that_crashes_is_backed_off() {
    let fakelet = Fakelet::start();
    fakelet.call(
        "POST",
        "/api/v1/namespaces/default/pods",
        r#"{"metadata":{"name":"crash"},"spec":{"containers":[{"name":"app","image":"busybox:1.36","command":["sh","-c","exit 1"]}]}}"#,
    );
    fakelet.call("POST", "/_fakelet/v1/clock/advance", r#"{"duration":"10m"}"#);
    let pod = fakelet.call("GET", "/api/v1/namespaces/default/pods/crash", "");
    assert!(pod.replace(' ', "").contains("\"restartCount\":6"), "{pod}");

    // Between tests that share a server:
    fakelet.call("POST", "/_fakelet/v1/reset", "");
    assert!(fakelet.call("GET", "/api/v1/namespaces/default/pods", "").replace(' ', "").contains("\"items\":[]"));
}
