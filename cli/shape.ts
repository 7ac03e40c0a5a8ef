import { isObject } from "../policypack/face";

/** The form that a value from outside must have: a list names the shape of its items, and an object may have more than is named. */
type Shape = "string" | "string?" | "count" | RegExp | readonly [Shape] | { readonly [key: string]: Shape };

export type Fitting<S> = S extends "string" | RegExp
  ? string
  : S extends "string?" | "count"
    ? { "string?": string | undefined; count: number }[S]
    : S extends readonly [infer Item]
      ? Fitting<Item>[]
      : { -readonly [Key in keyof S]: Fitting<S[Key]> };

/** Whether the value has that shape. A count is a whole number from 0 on. */
export function fits<const S extends Shape>(value: unknown, shape: S): value is Fitting<S> {
  const asked: Shape = shape;
  if (asked === "string?") return value === undefined || typeof value === "string";
  if (asked === "string") return typeof value === "string";
  if (asked === "count") return Number.isSafeInteger(value) && (value as number) >= 0;
  if (asked instanceof RegExp) return typeof value === "string" && asked.test(value);
  if (Array.isArray(asked)) return Array.isArray(value) && value.every((item) => fits(item, asked[0] as Shape));
  return isObject(value) && Object.entries(asked).every(([key, each]) => fits(value[key], each));
}
