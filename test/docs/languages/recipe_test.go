package recipe

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// base is the URL of the server that TestMain starts.
var base string

func TestMain(m *testing.M) {
	server := exec.Command("fakelet", "--port", "0", "--clock", "manual", "--profile", "fast")
	server.Stderr = os.Stderr
	stdout, err := server.StdoutPipe()
	if err != nil {
		panic(err)
	}
	if err := server.Start(); err != nil {
		panic(err)
	}
	// fakelet ready http://127.0.0.1:PORT (…)
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	base = strings.Fields(line)[2]
	code := m.Run()
	server.Process.Signal(os.Interrupt)
	server.Wait()
	os.Exit(code)
}

// call sends a request and decodes the answer into out.
func call(t *testing.T, method, path, body string, out any) {
	t.Helper()
	request, err := http.NewRequest(method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %s", method, path, response.Status)
	}
	if out != nil {
		if err := json.NewDecoder(response.Body).Decode(out); err != nil {
			t.Fatal(err)
		}
	}
}

// cluster empties the cluster and puts its clock back to the start.
func cluster(t *testing.T) {
	t.Helper()
	call(t, "POST", "/_fakelet/v1/reset", "", nil)
}

func TestAPodThatCrashesIsBackedOff(t *testing.T) {
	cluster(t)
	call(t, "POST", "/api/v1/namespaces/default/pods", `{"metadata":{"name":"crash"},
		"spec":{"containers":[{"name":"app","image":"busybox:1.36","command":["sh","-c","exit 1"]}]}}`, nil)
	call(t, "POST", "/_fakelet/v1/clock/advance", `{"duration":"10m"}`, nil)
	var pod struct {
		Status struct {
			ContainerStatuses []struct{ RestartCount int }
		}
	}
	call(t, "GET", "/api/v1/namespaces/default/pods/crash", "", &pod)
	if got := pod.Status.ContainerStatuses[0].RestartCount; got != 6 {
		t.Errorf("restarted %d times, not 6", got)
	}
}

func TestEveryTestBeginsEmpty(t *testing.T) {
	cluster(t)
	var pods struct{ Items []any }
	call(t, "GET", "/api/v1/namespaces/default/pods", "", &pods)
	if len(pods.Items) != 0 {
		t.Errorf("%d Pods are left", len(pods.Items))
	}
}
