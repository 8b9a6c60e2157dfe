/** `import 'fakelet/vitest'`, in a test or as one of vitest's setupFiles, adds fakelet's matchers to `expect`. */
import { expect } from 'vitest';
import { matchers, type KubeMatchers } from './matchers.ts';

declare module 'vitest' {
  interface Matchers<T> extends KubeMatchers<T> {}
}

expect.extend(matchers);

export { matchers };
