/** The users and groups of an image: /etc/passwd and /etc/group. */

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const rows = (text: string): string[][] => text.split('\n').filter((line) => line !== '').map((line) => line.split(':'));

export function parseUsers(passwd: string): readonly User[] {
  return rows(passwd).map(([name = '', , uid, gid, , home = '/', shell = '']) => ({ name, uid: Number(uid), gid: Number(gid), home, shell }));
}

export function parseGroups(group: string): readonly Group[] {
  return rows(group).map(([name = '', , gid, members = '']) => ({ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }));
}
