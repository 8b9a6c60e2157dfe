/** Formats that rules know by name (apiserver/pkg/cel/library/format.go): `format.dns1123Label().validate(self.name)`. */
import {
  labelValue, nameIsDNS1035Label, nameIsDNS1035LabelPrefix, nameIsDNSLabel, nameIsDNSLabelPrefix, nameIsDNSSubdomain, nameIsDNSSubdomainPrefix,
  qualifiedName,
} from '../../validation/names.ts';
import { fitsFormat } from '../../crd/formats.ts';
import { instanceOf, text } from '../arguments.ts';
import { oneUnit, perCharacter, perPatternCharacter, scaled, type Cost } from '../cost.ts';
import { overloads, type FunctionTable } from '../signatures.ts';
import { ObjectValue, OptionalValue, PlainList, sizeOf, type Value } from '../values.ts';
import { urlFault } from './url.ts';

type Complaints = (value: string) => string[];

class FormatValue extends ObjectValue {
  readonly typeName = 'kubernetes.NamedFormat';
  /** What is wrong with a text. */
  readonly complaints: Complaints;
  /** How long upstream takes its regular expression to be. */
  readonly patternSize: number;

  constructor(complaints: Complaints, patternSize: number) {
    super();
    this.complaints = complaints;
    this.patternSize = patternSize;
  }

  equals(other: Value): boolean {
    return this === other;
  }
}

const schemaFormat = (name: string, complaint: string): Complaints => (value) => (fitsFormat(name, value) ? [] : [complaint]);

const known: Readonly<Record<string, readonly [Complaints, patternSize: number]>> = {
  dns1123Label: [nameIsDNSLabel, 30], dns1123Subdomain: [nameIsDNSSubdomain, 60], dns1035Label: [nameIsDNS1035Label, 30],
  dns1123LabelPrefix: [nameIsDNSLabelPrefix, 30], dns1123SubdomainPrefix: [nameIsDNSSubdomainPrefix, 60], dns1035LabelPrefix: [nameIsDNS1035LabelPrefix, 30],
  qualifiedName: [qualifiedName, 60], labelValue: [labelValue, 40],
  uri: [(value) => [urlFault(value)].filter((fault) => fault !== undefined), 1103],
  uuid: [schemaFormat('uuid', 'does not match the UUID format'), 73],
  byte: [schemaFormat('byte', 'invalid base64'), 84],
  date: [schemaFormat('date', 'invalid date'), 75],
  datetime: [schemaFormat('datetime', 'invalid datetime'), 75],
};
const formats = new Map(Object.entries(known).map(([name, entry]) => [name, new FormatValue(...entry)]));
const longestPattern = 128;

const format = instanceOf(FormatValue);

function validate(of: Value | undefined, value: Value | undefined): OptionalValue {
  const complaints = format(of).complaints(text(value));
  return complaints.length === 0 ? OptionalValue.none : OptionalValue.of(new PlainList(complaints));
}

const validation: Cost = {
  estimate: ([, value]) => ({ cost: scaled(scaled(value!.size, perCharacter), longestPattern * perPatternCharacter) }),
  actual: ([of, value]) => Math.ceil((1 + sizeOf(value!)) * perCharacter) * Math.ceil(format(of).patternSize * perPatternCharacter),
};

export const formatFunctions: FunctionTable = {
  ...Object.fromEntries([...formats].map(([name, value]) => [`format.${name}`, overloads(['() -> format', () => value])])),
  'format.named': overloads(['(string) -> optional(format)', (name) => OptionalValue.of(formats.get(text(name))), oneUnit]),
  validate: overloads(['format.(string) -> optional(list(string))', validate, validation]),
};
