/** Help texts of applets, as the recorded build prints them when it is called wrongly. */
import texts from './usage.json' with { type: 'json' };

const version = 'BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.';

/** The whole text, or undefined when it is not known. */
export function usage(applet: string): string | undefined {
  const known: Readonly<Record<string, string>> = texts;
  return Object.hasOwn(known, applet) ? `${version}\n\nUsage: ${known[applet]}\n` : undefined;
}
