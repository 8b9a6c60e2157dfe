const { matchers, startKube } = require('fakelet');

expect.extend(matchers);

let kube;
beforeAll(async () => { kube = await startKube(); });
beforeEach(() => kube.reset());
afterAll(() => kube.close());

test('a Pod becomes ready', async () => {
  await kube.pods.create({ metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } });
  await kube.pods.wait('web', 'condition=Ready');
  expect(kube).toBeReady('web');
  expect(kube).toHaveEvents('web', ['Scheduled', 'Pulled', 'Created', 'Started']);
});
