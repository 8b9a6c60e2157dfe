/** Help texts of applets, as the recorded build prints them when it is called wrongly. */

const version = 'BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.';

const texts: Readonly<Record<string, string>> = {
  true: '',
};

/** The whole text, or undefined when it is not known. */
export function usage(applet: string): string | undefined {
  const text = Object.hasOwn(texts, applet) ? texts[applet] : undefined;
  return text === undefined || text === '' ? undefined : `${version}\n\nUsage: ${text}\n`;
}
