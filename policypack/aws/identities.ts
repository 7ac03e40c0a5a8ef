/** Types of IAM and IAM Identity Center: a stack has many, and few concern S3. An attachment is short. */
const IDENTITIES = /^aws(?:-native)?:(?:iam|ssoadmin|sso)\b(?!\/(?:rolePolicy|policy)Attachment)/;
/** Texts in those that do: an action of S3, a wildcard alone (in JSON, and as a value by itself), and who acts as a role. */
const WORDS = ["s3:", "S3:", "AmazonS3", '"*"', "\x1a\x01*", "cognito-identity"];
/** Where guests get a role by its ARN, each role may be theirs. */
const POOL = "dentityPoolRoleAttachment";

export function isIdentity(type: string): boolean {
  return IDENTITIES.test(type);
}

/** Whether a resource of a stack may have to do with S3, while both are still bytes. */
export function mayConcernS3(stack: Buffer): (type: string, resource: Uint8Array) => boolean {
  const hasGuests = stack.includes(POOL);
  return (type, { buffer, byteOffset, length }) => {
    if (hasGuests || !isIdentity(type)) return true;
    const bytes = Buffer.from(buffer, byteOffset, length);
    return WORDS.some((word) => bytes.includes(word));
  };
}
