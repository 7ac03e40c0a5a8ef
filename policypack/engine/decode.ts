import { BinaryReader } from "google-protobuf";

/*
 * Most of a stack has nothing to do with S3, and decoding it is most of what a stack policy costs. The resources that no
 * policy reads are therefore taken out of the request while it is still bytes; the SDK's decoder gets the rest.
 */

// Field numbers of pulumi/analyzer.proto. They are the protocol, and can't change.
const RESOURCES = 1; // AnalyzeStackRequest.resources
const TYPE = 1; // AnalyzerResource.type

/**
 * An AnalyzeStack request without the resources whose type isn't relevant. One that can't be read comes back as it is: the
 * decoder says what is wrong with it.
 */
export function relevantResources(request: Buffer, isRelevant: (type: string) => boolean): Buffer {
  try {
    const kept: Buffer[] = [];
    const reader = new BinaryReader(request);
    for (let start = 0; reader.nextField(); start = reader.getCursor()) {
      if (reader.getFieldNumber() !== RESOURCES) reader.skipField();
      else if (!isRelevant(typeOf(reader.readBytes()))) continue;
      kept.push(request.subarray(start, reader.getCursor()));
    }
    return Buffer.concat(kept);
  } catch {
    return request;
  }
}

/** Given twice, the last one counts, as for any decoder. */
function typeOf(resource: Uint8Array): string {
  const reader = new BinaryReader(resource);
  let type = "";
  while (reader.nextField()) {
    if (reader.getFieldNumber() === TYPE) type = reader.readString();
    else reader.skipField();
  }
  return type;
}
