/*
 * The marks that Pulumi puts into values, on the wire and in states; @pulumi/pulumi/runtime/rpc and @pulumi/policy/proxy keep
 * the same ones to themselves.
 */

/** The key of an object that stands for something else. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The texts that stand for a value that isn't known. */
export const UNKNOWNS: ReadonlySet<string> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
  "[secret]", // what `pulumi policy analyze --file` shows of a secret that it can't decrypt
]);
