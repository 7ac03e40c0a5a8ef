/*
 * The part of `@pulumi/pulumi/runtime/rpc` that the policy SDK uses: the marks of the wire format. The build puts this in its
 * place, and compares the two (scripts/build.mjs).
 */
export const specialAssetSig = "c44067f5952c0a294b673a41bacd8c17";
export const specialArchiveSig = "0def7320c3a5731c473e5ecbe6d01bc7";
export { SECRET as specialSecretSig, SIGNATURE as specialSigKey } from "../../lib/sentinels";
