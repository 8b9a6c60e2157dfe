/** Formats that rules know by name (apiserver/pkg/cel/library/format.go): `format.dns1123Label().validate(self.name)`. */
import {
  labelValue, nameIsDNS1035Label, nameIsDNS1035LabelPrefix, nameIsDNSLabel, nameIsDNSLabelPrefix, nameIsDNSSubdomain, nameIsDNSSubdomainPrefix,
  qualifiedName,
} from '../validation/names.ts';
import { fitsFormat } from '../crd/formats.ts';
import { instanceOf, text, type CelFunction, type CelObject } from './arguments.ts';
import { OptionalValue } from './optional.ts';
import { urlFault } from './url.ts';

class FormatValue implements CelObject {
  readonly name: string;
  /** What is wrong with a text. */
  readonly complaints: (value: string) => string[];

  constructor(name: string, complaints: (value: string) => string[]) {
    this.name = name;
    this.complaints = complaints;
  }

  equals(other: unknown): boolean {
    return this === other;
  }
}

const schemaFormat = (name: string, complaint: string) => (value: string) => (fitsFormat(name, value) ? [] : [complaint]);

const formats: ReadonlyMap<string, FormatValue> = new Map(Object.entries({
  dns1123Label: nameIsDNSLabel, dns1123Subdomain: nameIsDNSSubdomain, dns1035Label: nameIsDNS1035Label,
  dns1123LabelPrefix: nameIsDNSLabelPrefix, dns1123SubdomainPrefix: nameIsDNSSubdomainPrefix, dns1035LabelPrefix: nameIsDNS1035LabelPrefix,
  qualifiedName, labelValue,
  uri: (value: string) => [urlFault(value)].filter((fault) => fault !== undefined),
  uuid: schemaFormat('uuid', 'does not match the UUID format'),
  byte: schemaFormat('byte', 'invalid base64'),
  date: schemaFormat('date', 'invalid date'),
  datetime: schemaFormat('datetime', 'invalid datetime'),
}).map(([name, complaints]) => [name, new FormatValue(name, complaints)]));

const ofNone = (value: unknown): OptionalValue => (value === undefined ? OptionalValue.none : OptionalValue.of(value));
const format = instanceOf(FormatValue);

function validate(of: unknown, value: unknown): OptionalValue {
  const complaints = format(of).complaints(text(value));
  return complaints.length === 0 ? OptionalValue.none : OptionalValue.of(complaints);
}

export const formatFunctions: Readonly<Record<string, CelFunction>> = {
  ...Object.fromEntries([...formats].map(([name, value]) => [`format.${name}`, () => value])),
  'format.named': (name) => ofNone(formats.get(text(name))),
  validate,
};
