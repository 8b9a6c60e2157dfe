/** Lists of resources (`cpu: 100m`) as defaulting changes them. */
import { canonicalQuantity, parseQuantity, type Quantity } from '../../schema/values/quantity.ts';

export type ResourceList = Record<string, string>;

/** Rounds every quantity up to thousandths, which is as fine as the API stores resources. */
export function roundToMilli(list: ResourceList): void {
  for (const [name, text] of Object.entries(list)) {
    // Only these spellings can be finer.
    if (!/[nu]$|e-/.test(text)) continue;
    const quantity = parseQuantity(text);
    list[name] = canonicalQuantity(`${quantity.milliValue()}${quantity.format === 'DecimalExponent' ? 'e-3' : 'm'}`);
  }
}

/** Copies what `from` has and `to` lacks. */
export function fillMissing(to: ResourceList, from: ResourceList | undefined): void {
  for (const [name, text] of Object.entries(from ?? {})) if (!Object.hasOwn(to, name)) to[name] = text;
}

export type Amounts = Map<string, Quantity>;

export function addAmounts(to: Amounts, list: ResourceList | undefined): void {
  for (const [name, text] of Object.entries(list ?? {})) addAmount(to, name, parseQuantity(text));
}

export function addAmount(to: Amounts, name: string, amount: Quantity): void {
  const before = to.get(name);
  to.set(name, before ? before.add(amount) : amount);
}

export function raiseAmounts(to: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) {
    const before = to.get(name);
    if (!before || before.cmp(amount) < 0) to.set(name, amount);
  }
}
