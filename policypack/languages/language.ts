import type WRITTEN from "./languages.json";

/**
 * The names of the language, and of its references from one resource to another; one level of indentation, where the program
 * shows no other; what a comment begins with; what is true; the resource option that leaves what is deleted as it is.
 */
type Words = Pick<typeof WRITTEN.nodejs, "title" | "holder" | "unit" | "comment" | "truth" | "retained">;

/**
 * How a program of one language sets properties of a resource, and makes a public access block. The pack writes its fixes
 * with it, and the gate its edits.
 */
export interface Language extends Readonly<Words> {
  /** A property's name, from that of the AWS provider: `blockPublicAcls`. */
  readonly name: (property: string) => string;
  /** A text, as the program writes it. */
  readonly text: (text: string) => string;
  /** A property among a resource's arguments, with the comma that the language has there: true, or what `text` gives. */
  readonly setting: (property: string, text?: string) => string;
  /** A property that is given an expression. */
  readonly assignment: (property: string, expression: string) => string;
  /** A property that holds others; in languages with types it has one of this name in the package's module. */
  readonly nested: (property: string, type: TypeName, lines: readonly string[]) => string[];
  /** A variable from words: `["your", "bucket"]`. */
  readonly variable: (...words: string[]) => string;
  /** An output of the resource that a variable holds: `id`. */
  readonly output: (variable: string, property: string) => string;
  /** The constructor of the type: `aws.s3.Bucket`. */
  readonly maker: (type: TypeName) => string;
  /** The option that gives a resource its provider; empty where that is left to the reader. */
  readonly provider: (variable: string) => string;
  /** The resource option by which a resource is the same as one that was named otherwise, or was elsewhere. */
  readonly aliases: (former: Former) => string;
  /** The lines that make a public access block, without indentation of their own. */
  readonly block: (block: NewBlock) => string[];
}

/** A type of a package: `aws`, `s3`, `Bucket`. A provider that is bridged on the fly has one module, named by an empty text. */
export interface TypeName {
  readonly package: "aws" | "aws-native";
  readonly module: string;
  readonly name: string;
}

/** What a resource was before. */
export interface Former {
  readonly urn: string;
  /** Its logical name, if that was another one. */
  readonly name?: string;
  /** The URN of its parent, if that was another one. The stack's own resource has no parent: null. */
  readonly parent?: string | null;
}

/** A public access block of a bucket, in the program's own names: each is an expression of its language. */
export interface NewBlock {
  /** What makes it: `aws.s3.BucketPublicAccessBlock`, in Go `s3.NewBucketPublicAccessBlock`. */
  readonly maker: string;
  /** Its logical name. In YAML the key. */
  readonly name: string;
  /** The bucket's id: `uploads.id`. */
  readonly bucket: string;
  /** The resource options, each by itself; in YAML the lines below `options:`. */
  readonly options: readonly string[];
  /** Which properties are true, by their names in the AWS provider: `blockPublicAcls`. */
  readonly properties: readonly string[];
  /** One level of indentation. */
  readonly unit: string;
  /** Whether it takes as few lines as it can, for a message. */
  readonly isShort?: boolean;
  /** In Go, what is done with an error, to the closing bracket. */
  readonly onError?: readonly string[];
  /** In Go, the variables of the context and of the error, and whether the latter is a new one. */
  readonly context?: string;
  readonly error?: string;
  readonly assign?: ":=" | "=";
}
