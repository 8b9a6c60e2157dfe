import json
import subprocess
import unittest
import urllib.request


class PodTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        words = ["fakelet", "--port", "0", "--clock", "manual", "--profile", "fast"]
        cls.server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        # fakelet ready http://127.0.0.1:PORT (…)
        cls.url = cls.server.stdout.readline().split()[2]

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.communicate()

    def setUp(self):
        self.call("POST", "/_fakelet/v1/reset")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def test_a_pod_that_crashes_is_backed_off(self):
        container = {"name": "app", "image": "busybox:1.36", "command": ["sh", "-c", "exit 1"]}
        self.call("POST", "/api/v1/namespaces/default/pods", {"metadata": {"name": "crash"}, "spec": {"containers": [container]}})
        self.call("POST", "/_fakelet/v1/clock/advance", {"duration": "10m"})
        pod = self.call("GET", "/api/v1/namespaces/default/pods/crash")
        self.assertEqual(pod["status"]["containerStatuses"][0]["restartCount"], 6)

    def test_every_test_begins_empty(self):
        self.assertEqual(self.call("GET", "/api/v1/namespaces/default/pods")["items"], [])


if __name__ == "__main__":
    unittest.main()
