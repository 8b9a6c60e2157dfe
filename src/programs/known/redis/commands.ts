/** The data of a redis server and the commands on them. */
import type { Clock } from '../../../clock/clock.ts';
import { matches } from '../../pattern.ts';
import { array, bulk, failure, integer, nil, ok, type Reply } from './resp.ts';

export const redisVersion = '7.4.2';

type Value = string | string[] | Map<string, string> | Set<string>;

interface Entry {
  value: Value;
  /** Milliseconds since 1970; Infinity: it stays. */
  expiresAt: number;
}

type Run = (database: Database, args: readonly string[]) => Reply;

interface Command {
  /** Words with the command's own; negative: at least so many. */
  readonly arity: number;
  readonly run: Run;
}

const wrongType = failure('WRONGTYPE Operation against a key holding the wrong kind of value');
const notInteger = failure('ERR value is not an integer or out of range');
const syntaxError = failure('ERR syntax error');

export class Database {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #entries = new Map<string, Entry>();
  readonly settings: ReadonlyMap<string, string>;
  readonly shutDown: () => void;

  constructor(clock: Clock, startedAt: number, settings: ReadonlyMap<string, string>, shutDown: () => void) {
    this.#clock = clock;
    this.#startedAt = startedAt;
    this.settings = settings;
    this.shutDown = shutDown;
  }

  get now(): number {
    return this.#clock.now();
  }

  get uptimeS(): number {
    return Math.floor((this.now - this.#startedAt) / 1000);
  }

  /** Runs one command. */
  run(words: readonly string[]): Reply {
    const [word = '', ...args] = words;
    const name = word.toLowerCase();
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) return failure(`ERR unknown command '${word}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}`);
    const enough = command.arity >= 0 ? words.length === command.arity : words.length >= -command.arity;
    return enough ? command.run(this, args) : failure(`ERR wrong number of arguments for '${name}' command`);
  }

  entry(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.expiresAt > this.now) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value, expiresAt = Infinity): void {
    this.#entries.set(key, { value, expiresAt });
  }

  delete(key: string): boolean {
    return this.entry(key) !== undefined && this.#entries.delete(key);
  }

  clear(): Reply {
    this.#entries.clear();
    return ok;
  }

  keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.entry(key) !== undefined);
  }
}

const isInteger = (text: string): boolean => /^-?\d{1,15}$/.test(text);

/** The string at a key ('' when there is none); undefined when something else is there. */
function textAt(database: Database, key: string): string | undefined {
  const value = database.entry(key)?.value ?? '';
  return typeof value === 'string' ? value : undefined;
}

/** A collection at a key, made when it is missing; undefined when something else is there. */
function at<T extends Value>(database: Database, key: string, is: (value: Value) => value is T, make: () => T): T | undefined {
  const entry = database.entry(key);
  if (entry) return is(entry.value) ? entry.value : undefined;
  const made = make();
  database.set(key, made);
  return made;
}

const list = (database: Database, key: string) => at(database, key, (value): value is string[] => Array.isArray(value), () => []);
const hash = (database: Database, key: string) => at(database, key, (value): value is Map<string, string> => value instanceof Map, () => new Map<string, string>());
const set = (database: Database, key: string) => at(database, key, (value): value is Set<string> => value instanceof Set, () => new Set<string>());

/** Removes a collection that has become empty, as every command does. */
function tidy(database: Database, key: string, size: number): void {
  if (size === 0) database.delete(key);
}

function collection<T extends Value>(get: (database: Database, key: string) => T | undefined, run: (value: T, args: readonly string[], database: Database) => Reply): Run {
  return (database, [key = '', ...args]) => {
    const value = get(database, key);
    if (!value) return wrongType;
    const reply = run(value, args, database);
    tidy(database, key, Array.isArray(value) ? value.length : (value as Map<string, string> | Set<string>).size);
    return reply;
  };
}

function setString(database: Database, [key = '', value = '', ...options]: readonly string[]): Reply {
  let expiresAt = Infinity;
  const flags = new Set<string>();
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!.toUpperCase();
    const unit = { EX: 1000, PX: 1 }[option];
    if (unit === undefined) flags.add(option);
    else if (!isInteger(options[++i] ?? '')) return notInteger;
    else if (Number(options[i]) <= 0) return failure("ERR invalid expire time in 'set' command");
    else expiresAt = database.now + Number(options[i]) * unit;
  }
  if ([...flags].some((flag) => !['NX', 'XX', 'GET', 'KEEPTTL'].includes(flag)) || (flags.has('NX') && flags.has('XX'))) return syntaxError;
  const before = database.entry(key);
  if (flags.has('GET') && before && typeof before.value !== 'string') return wrongType;
  const old = before ? bulk(before.value as string) : nil;
  if ((flags.has('NX') && before) || (flags.has('XX') && !before)) return flags.has('GET') ? old : nil;
  database.set(key, value, flags.has('KEEPTTL') ? before?.expiresAt : expiresAt);
  return flags.has('GET') ? old : ok;
}

function increment(database: Database, key: string, by: string): Reply {
  const text = textAt(database, key);
  if (text === undefined) return wrongType;
  if (!isInteger(text || '0') || !isInteger(by)) return notInteger;
  const value = Number(text || '0') + Number(by);
  database.set(key, String(value), database.entry(key)?.expiresAt);
  return integer(value);
}

function expire(database: Database, key: string, at: string, unit: number): Reply {
  if (!isInteger(at)) return notInteger;
  const entry = database.entry(key);
  if (entry) entry.expiresAt = database.now + Number(at) * unit;
  return integer(entry ? 1 : 0);
}

function timeLeft(database: Database, key: string, unit: number): Reply {
  const entry = database.entry(key);
  if (!entry) return integer(-2);
  return integer(entry.expiresAt === Infinity ? -1 : Math.round((entry.expiresAt - database.now) / unit));
}

/** The items from `start` to `stop`, both counted from the end when negative. */
function slice(items: readonly string[], start: string, stop: string): readonly string[] {
  const place = (text: string): number => (Number(text) < 0 ? Math.max(0, items.length + Number(text)) : Number(text));
  return items.slice(place(start), Number(stop) < 0 ? items.length + Number(stop) + 1 : Number(stop) + 1);
}

function pop(items: string[], count: string | undefined, take: () => string | undefined): Reply {
  if (count !== undefined) return array(Array.from({ length: Math.min(Number(count), items.length) }, () => bulk(take()!)));
  const item = take();
  return item === undefined ? nil : bulk(item);
}

function info(database: Database): Reply {
  const keys = database.keys().length;
  return bulk([
    '# Server', `redis_version:${redisVersion}`, 'redis_mode:standalone', 'os:Linux', 'arch_bits:64', 'process_id:1', `tcp_port:${database.settings.get('port') ?? '6379'}`,
    `uptime_in_seconds:${database.uptimeS}`, '', '# Clients', 'connected_clients:1', '', '# Persistence', 'loading:0', '',
    '# Replication', 'role:master', 'connected_slaves:0', '', '# Keyspace', ...(keys > 0 ? [`db0:keys=${keys},expires=0,avg_ttl=0`] : []), '',
  ].join('\r\n'));
}

const kindOf = (value: Value): string => (typeof value === 'string' ? 'string' : Array.isArray(value) ? 'list' : value instanceof Map ? 'hash' : 'set');
const count = (keys: readonly string[], test: (key: string) => boolean): Reply => integer(keys.filter(test).length);

const commands: Readonly<Record<string, Command>> = {
  ping: { arity: -1, run: (_database, [text]) => (text === undefined ? { kind: 'status', text: 'PONG' } : bulk(text)) },
  echo: { arity: 2, run: (_database, [text = '']) => bulk(text) },
  quit: { arity: -1, run: () => ok },
  select: { arity: 2, run: (_database, [index = '']) => (isInteger(index) ? ok : failure('ERR invalid DB index')) },
  command: { arity: -1, run: () => array([]) },
  client: { arity: -2, run: () => ok },
  info: { arity: -1, run: info },
  time: { arity: 1, run: ({ now }) => array([bulk(String(Math.floor(now / 1000))), bulk(String((now % 1000) * 1000))]) },
  role: { arity: 1, run: () => array([bulk('master'), integer(0), array([])]) },
  config: { arity: -2, run: ({ settings }, [verb = '', name = '']) => (verb.toUpperCase() === 'GET' ? array(settings.has(name) ? [bulk(name), bulk(settings.get(name)!)] : []) : ok) },
  save: { arity: 1, run: () => ok },
  shutdown: { arity: -1, run: (database) => { database.shutDown(); return ok; } },
  dbsize: { arity: 1, run: (database) => integer(database.keys().length) },
  flushall: { arity: -1, run: (database) => database.clear() },
  flushdb: { arity: -1, run: (database) => database.clear() },
  keys: { arity: 2, run: (database, [pattern = '']) => array(database.keys().filter((key) => matches(pattern, key)).map(bulk)) },
  exists: { arity: -2, run: (database, keys) => count(keys, (key) => database.entry(key) !== undefined) },
  del: { arity: -2, run: (database, keys) => count(keys, (key) => database.delete(key)) },
  unlink: { arity: -2, run: (database, keys) => count(keys, (key) => database.delete(key)) },
  type: { arity: 2, run: (database, [key = '']) => ({ kind: 'status', text: database.entry(key) ? kindOf(database.entry(key)!.value) : 'none' }) },
  expire: { arity: 3, run: (database, [key = '', after = '']) => expire(database, key, after, 1000) },
  pexpire: { arity: 3, run: (database, [key = '', after = '']) => expire(database, key, after, 1) },
  ttl: { arity: 2, run: (database, [key = '']) => timeLeft(database, key, 1000) },
  pttl: { arity: 2, run: (database, [key = '']) => timeLeft(database, key, 1) },
  get: { arity: 2, run: (database, [key = '']) => (database.entry(key) ? stringReply(textAt(database, key)) : nil) },
  set: { arity: -3, run: setString },
  setex: { arity: 4, run: (database, [key = '', seconds = '', value = '']) => setString(database, [key, value, 'EX', seconds]) },
  setnx: { arity: 3, run: (database, [key = '', value = '']) => integer(setString(database, [key, value, 'NX']) === ok ? 1 : 0) },
  getdel: { arity: 2, run: (database, [key = '']) => { const reply = commands.get!.run(database, [key]); database.delete(key); return reply; } },
  mget: { arity: -2, run: (database, keys) => array(keys.map((key) => { const { value } = database.entry(key) ?? {}; return typeof value === 'string' ? bulk(value) : nil; })) },
  mset: { arity: -3, run: (database, args) => { for (let i = 0; i + 1 < args.length; i += 2) database.set(args[i]!, args[i + 1]!); return ok; } },
  append: { arity: 3, run: (database, [key = '', more = '']) => { const text = textAt(database, key); if (text === undefined) return wrongType; database.set(key, text + more); return integer(text.length + more.length); } },
  strlen: { arity: 2, run: (database, [key = '']) => { const text = textAt(database, key); return text === undefined ? wrongType : integer(text.length); } },
  incr: { arity: 2, run: (database, [key = '']) => increment(database, key, '1') },
  decr: { arity: 2, run: (database, [key = '']) => increment(database, key, '-1') },
  incrby: { arity: 3, run: (database, [key = '', by = '']) => increment(database, key, by) },
  decrby: { arity: 3, run: (database, [key = '', by = '']) => increment(database, key, by.startsWith('-') ? by.slice(1) : `-${by}`) },
  lpush: { arity: -3, run: collection(list, (items, args) => { for (const arg of args) items.unshift(arg); return integer(items.length); }) },
  rpush: { arity: -3, run: collection(list, (items, args) => integer(items.push(...args))) },
  lpop: { arity: -2, run: collection(list, (items, [amount]) => pop(items, amount, () => items.shift())) },
  rpop: { arity: -2, run: collection(list, (items, [amount]) => pop(items, amount, () => items.pop())) },
  llen: { arity: 2, run: collection(list, (items) => integer(items.length)) },
  lrange: { arity: 4, run: collection(list, (items, [start = '0', stop = '-1']) => array(slice(items, start, stop).map(bulk))) },
  hset: { arity: -4, run: collection(hash, (fields, args) => { const { size } = fields; for (let i = 0; i + 1 < args.length; i += 2) fields.set(args[i]!, args[i + 1]!); return integer(fields.size - size); }) },
  hget: { arity: 3, run: collection(hash, (fields, [name = '']) => (fields.has(name) ? bulk(fields.get(name)!) : nil)) },
  hdel: { arity: -3, run: collection(hash, (fields, names) => count(names, (name) => fields.delete(name))) },
  hgetall: { arity: 2, run: collection(hash, (fields) => array([...fields].flat().map(bulk))) },
  hlen: { arity: 2, run: collection(hash, (fields) => integer(fields.size)) },
  sadd: { arity: -3, run: collection(set, (members, args) => { const { size } = members; for (const arg of args) members.add(arg); return integer(members.size - size); }) },
  srem: { arity: -3, run: collection(set, (members, args) => count(args, (arg) => members.delete(arg))) },
  scard: { arity: 2, run: collection(set, (members) => integer(members.size)) },
  sismember: { arity: 3, run: collection(set, (members, [member = '']) => integer(members.has(member) ? 1 : 0)) },
  smembers: { arity: 2, run: collection(set, (members) => array([...members].map(bulk))) },
};

function stringReply(text: string | undefined): Reply {
  return text === undefined ? wrongType : bulk(text);
}
