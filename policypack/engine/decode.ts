import { BinaryReader } from "google-protobuf";

/*
 * Most of a stack has nothing to do with S3, and decoding it is most of what a stack policy costs. What no policy reads is
 * therefore taken out of a request while it is still bytes; the SDK's decoder gets the rest.
 */

type IsRelevant = (type: string) => boolean;

// Field numbers of pulumi/analyzer.proto. They are the protocol, and can't change.
const RESOURCES = 1; // of AnalyzeStackRequest
const TYPE = 1; // of AnalyzeRequest and AnalyzerResource
const PROPERTIES = 2; // of AnalyzeRequest
const PROVIDER = 6; // of AnalyzeRequest

/** An AnalyzeStack request without the resources that aren't relevant, by their type and by what is in them. */
export function relevantResources(
  request: Buffer,
  isRelevant: IsRelevant,
  isTelling: (type: string, resource: Uint8Array) => boolean = () => true,
): Buffer {
  return withFields(request, (reader) => {
    if (reader.getFieldNumber() === RESOURCES) {
      const resource = reader.readBytes();
      const type = typeOf(resource);
      return isRelevant(type) && isTelling(type, resource);
    }
    reader.skipField();
    return true;
  });
}

/** An Analyze request without what it says of a resource and its provider, unless the resource's type is relevant. */
export function relevantProperties(request: Buffer, isRelevant: IsRelevant): Buffer {
  let isKept: boolean | undefined;
  return withFields(request, (reader) => {
    reader.skipField();
    const field = reader.getFieldNumber();
    return (field !== PROPERTIES && field !== PROVIDER) || (isKept ??= isRelevant(typeOf(request)));
  });
}

/** Whether an Analyze request is of a custom resource: the stack, components and providers have no provider. */
export function hasProvider(request: Buffer): boolean {
  let found = false;
  withFields(request, (reader) => {
    reader.skipField();
    found ||= reader.getFieldNumber() === PROVIDER;
    return false;
  });
  return found;
}

/** The message with the fields to keep. One that can't be read comes back as it is: the decoder says what is wrong. */
function withFields(message: Buffer, isKept: (reader: BinaryReader) => boolean): Buffer {
  try {
    const kept: Buffer[] = [];
    const reader = new BinaryReader(message);
    for (let start = 0; reader.nextField(); start = reader.getCursor()) {
      if (isKept(reader)) kept.push(message.subarray(start, reader.getCursor()));
    }
    return Buffer.concat(kept);
  } catch {
    return message;
  }
}

/** The last occurrence wins, as in any protobuf decoder. */
function typeOf(resource: Uint8Array): string {
  const reader = new BinaryReader(resource);
  let type = "";
  while (reader.nextField()) {
    if (reader.getFieldNumber() === TYPE) type = reader.readString();
    else reader.skipField();
  }
  return type;
}
