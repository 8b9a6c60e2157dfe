/** A terminal as the programs in it see it: its name, its size and whether what is typed shows. */
export class Tty {
  /** N of /dev/pts/N. */
  readonly number: number;
  /** 0 until somebody says. */
  columns = 0;
  rows = 0;
  echo = true;

  constructor(number: number) {
    this.number = number;
  }

  get path(): string {
    return `/dev/pts/${this.number}`;
  }
}
