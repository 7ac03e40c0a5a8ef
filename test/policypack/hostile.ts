import type { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import fc from "fast-check";
import { Struct, Value as WireValue } from "google-protobuf/google/protobuf/struct_pb";
import { secret, UNKNOWN, type Props, type Resource, type Value } from "../harness/engine/analyzer";
import { BLOCK, BUCKET } from "./resources";
import { testdata } from "../testdata";

/* Resources as no engine should tell of them. */

const { types, names, signatures, texts, urns } = (
  testdata("nonsense.yaml") as {
    resources: Record<"types" | "signatures" | "texts" | "urns", string[]> & { names: string[][] };
  }
).resources;
const SIGNATURE = "4dabf18193072939515e22adb298388d";

const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names.flat()) },
  fc.string({ unit: "binary", maxLength: 8 }),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.constantFrom<Value>(...texts, UNKNOWN, null, true, false, 0, -1, 1e308, NaN, Infinity),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.double(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    tie("value").map((inner) => secret(inner)),
    fc
      .tuple(fc.constantFrom<Value>(...signatures, 1, null, UNKNOWN), fc.dictionary(key, tie("value"), { maxKeys: 2 }))
      .map(([signature, rest]): Value => ({ ...rest, [SIGNATURE]: signature })),
  ),
}));
/** The properties of anything: some of the right names, values of any kind. */
export const props: fc.Arbitrary<Props> = fc.dictionary(key, value, { maxKeys: 8 });

const anyUrn = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...urns) },
  fc.string({ unit: "binary", maxLength: 30 }),
);

export const resources: fc.Arbitrary<Resource> = fc.record(
  {
    type: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(BUCKET, BLOCK, ...types) },
      fc.string({ unit: "binary", maxLength: 12 }),
    ),
    urn: anyUrn,
    name: fc.string({ maxLength: 5 }),
    props,
    parent: anyUrn,
    provider: fc.record({ type: anyUrn, urn: anyUrn, name: anyUrn, props }),
    dependencies: fc.array(anyUrn, { maxLength: 3 }),
    propertyDependencies: fc.dictionary(key, fc.array(anyUrn, { maxLength: 3 }), { maxKeys: 3 }),
    options: fc.record({ ignoreChanges: fc.array(key, { maxLength: 2 }) }),
  },
  { requiredKeys: ["type", "urn", "name", "props"] },
);

/** Takes something out of a message: its properties, its options, or the kind of a value. */
export function tear(message: AnalyzerResource | AnalyzeRequest, hole: number): void {
  if (hole === 0) message.setProperties(undefined);
  if (hole === 1) message.setOptions(undefined);
  if (hole === 2) message.getProvider()?.setProperties(undefined);
  if (hole === 3) (message.getProperties() ?? new Struct()).getFieldsMap().set("bucket", new WireValue());
}
