import type { Exempted, Exemption, Kind, Published } from "../../policypack/face";
import type { Comparison } from "./changes";
import type { Edit } from "../source/edit";
import type LISTS from "./exemption-lists.json";
import type WORDS from "./live-words.json";

/* What the gate and the audit found, as every format has it. Nothing here imports a format. */

export type Severity = "low" | "medium" | "high" | "critical";

/** Its file's path is relative to the repository's root, with forward slashes. */
export type Position = Readonly<{ file: string; line: number; column?: number }>;

export interface Subject {
  readonly pack: string;
  readonly policy: string;
  readonly urn: string;
  /** The resource's type and logical name, the last parts of its URN. */
  readonly type: string;
  readonly name: string;
  /** Of an audit: what AWS calls it, which a new name in the program leaves as it is. */
  readonly physicalId?: string | undefined;
  /** The place in the program that makes the resource; not every SDK sends it. */
  readonly position?: Position;
  /** The resource whose position that is, where it isn't its own. */
  readonly placedAt?: string;
}

export interface Message {
  readonly message: string;
  /** The problem: the text before any code. */
  readonly problem: string;
  /** Code; text between two pieces of it is a comment in it. */
  readonly fix?: string;
  /** The text after the code. */
  readonly more?: string;
  readonly kind: Kind;
  /** The finding as data, if it is this package's. */
  readonly published?: Published;
}

export interface Finding extends Subject, Message {
  /** The edits that fix it in the program, where they are plain. Raw text for files: whoever shows it makes it neutral. */
  readonly edits?: readonly Edit[];
  /** Why there are no edits: the end of a sentence about the finding. */
  readonly byHand?: string;
  /** Whether its enforcement level is mandatory. */
  readonly blocks: boolean;
  /** Of a required pack: the command that asks for an exception, which ends the message. */
  readonly request?: string;
  readonly severity?: Severity;
  /** Of an audit: what is wrong, in words that are the same for all resources that it is wrong with. */
  readonly cause?: string;
  /** Of an audit that asked S3: what that says of the bucket. */
  readonly live?: Live;
  /** Of an audit: the exemption that it falls under, whether it still holds or not. */
  readonly exemption?: Exemption;
  /** Of an audit that asked for owners: who it is for. */
  readonly owner?: string | undefined;
  /** Of an audit: what would block as well, and says no more than this. */
  readonly covers?: readonly Exempted[];
  /** Of an audit: a public access block in another stack that names the bucket. */
  readonly elsewhere?: { readonly stack: string; readonly urn: string; readonly locks: boolean };
}

export type LiveWord = keyof typeof WORDS;

/** S3's answer about a bucket, compared with its program. */
export interface Live {
  readonly word: LiveWord;
  /** The open and the unknown parts. */
  readonly details: readonly string[];
  readonly account?: string;
  readonly region?: string;
}

/** A bucket that S3 was asked for, by its name there. */
export type LiveBucket = Live & Pick<Subject, "urn"> & { readonly bucket: string | undefined };

/** Failed: there is no verdict, because something that it would rest on is not there. */
export type Verdict = "passed" | "blocked" | "failed";

/** Of one stack. */
export interface Report {
  readonly stack: string;
  /** Of an audit that asked for owners: whose stack it is. */
  readonly owner?: string | undefined;
  readonly verdict: Verdict;
  /** Why there is no verdict. */
  readonly problems: readonly string[];
  /** Gaps in the evaluation, whatever the verdict: policies that were off, and resources that were left out. */
  readonly notes: readonly string[];
  readonly packs: readonly {
    readonly name: string;
    readonly version: string;
    /** Whether the organization requires it, and it wasn't given on the command line. */
    readonly isRequired?: boolean;
  }[];
  /** The file of the configuration that was found, where none was named, from the root of the repository. */
  readonly configuration?: string;
  /** The policies that were evaluated, whether or not they found anything; undefined where that isn't known. */
  readonly policies?: readonly Pick<Subject, "pack" | "policy">[];
  /** How many buckets this package's own policy evaluated; undefined where it didn't run. */
  readonly buckets?: number;
  /** Of a preview: these buckets. */
  readonly bucketUrns?: readonly string[];
  /** Of an audit: all resources, and those that policies read and the program only reads, too. */
  readonly resources?: number;
  readonly onlyRead?: number;
  /** Of an audit that asked S3: what that says of each bucket. */
  readonly live?: readonly LiveBucket[];
  /** Whether it is of the buckets of an account that no stack has. */
  readonly isAccount?: boolean;
  /** Most important ones first, then in the order of the files (groups.ts). */
  readonly findings: readonly Finding[];
  /** The policies' changes to the resources' inputs. The values are left out: they may be secret. */
  readonly remediations: readonly Subject[];
  /** Pulumi.yaml, for formats in which a finding must be in a file. */
  readonly manifest: string;
}

/** The verdict on several stacks: one without a verdict leaves none for all, and one that is blocked blocks. */
export function worst(reports: readonly Report[]): Verdict {
  const has = (wanted: Verdict): boolean => reports.some(({ verdict }) => verdict === wanted);
  return has("failed") || reports.length === 0 ? "failed" : has("blocked") ? "blocked" : "passed";
}

export function noVerdict(problems: readonly string[], stack: string, manifest: string): Report {
  return { stack, verdict: "failed", problems, notes: [], packs: [], findings: [], remediations: [], manifest };
}

/** The facts of an audit besides the reports of its stacks. */
export interface AuditFacts {
  /** The day of it (UTC, YYYY-MM-DD). */
  readonly date: string;
  /** Whether a bucket passes if S3's answer isn't known. */
  readonly acceptUnknown?: boolean;
  /** How much of the accounts the stacks have, in a sentence without its end, where that was asked for. */
  readonly coverage?: string | undefined;
  /** The file of the configuration, and the hash of its text; undefined where there is none. */
  readonly configuration?: { readonly file: string; readonly sha256: string } | undefined;
  /** Further facts, in sentences without their ends. */
  readonly notes?: readonly string[];
  /** If findings have owners: the stack tag that names them, if one was given. */
  readonly owners?: { readonly tag: string | undefined } | undefined;
  readonly comparison?: Comparison | undefined;
  /** Whether only what is new since then blocks. */
  readonly newOnly?: boolean;
  /** Undefined where no configuration was given. */
  readonly exemptions: ExemptionCheck | undefined;
}

/** The remarks on exemptions, in lists by their names, the days that count as soon, and how many in use are of unknown age. */
export type ExemptionCheck = Readonly<
  Record<keyof typeof LISTS, readonly Listed[]> & Record<"within" | "undated", number>
>;

/** An exemption, and how many findings it covers, in the lists for which that matters. */
type Listed = Exemption & { readonly policy: string; readonly findings?: number };

/** The context of the reports, for formats that need it. */
export interface Context {
  readonly product: Product;
  /** When the report is written (UTC, ISO 8601). */
  readonly time: string;
  /** How a line is linked, where the forge is known. */
  readonly link?: Link | undefined;
  /** For the reports of an audit. */
  readonly audit?: AuditFacts;
}

export interface Product {
  readonly version: string;
  readonly homepage?: string;
  /** The folder of its sources in the forge's view of the repository, without a slash at its end. */
  readonly sources?: string;
}

/** Makes the address of a line in the forge's own view of the repository; undefined where that has no such line. */
export type Link = (position: Position, urn: string) => string | undefined;

export interface Format {
  /** The option that names the file that it is written to. */
  readonly name: string;
  readonly help: string;
  /**
   * The treatment of a stack without a verdict. Tools take a report with no finding for a pass and close what they had open, so a
   * format that has no way to say so leaves the stack out, if it keeps stacks apart, or else isn't written at all.
   */
  readonly withoutVerdict: "say so" | "leave the stack out" | "write nothing";
  readonly render: Render;
}

export type Render = (reports: readonly Report[], context: Context) => string;
