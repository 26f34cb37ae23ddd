// The caller's path, where there is no file system to resolve it: in a page every path is relative
// to the origin, and different spellings of one place must be one database.

/**
 * The one spelling of a page's path: no empty parts, no ".", ".." resolved and stopped at the top.
 * "./chroma", "chroma" and "/chroma/" are all "chroma"; the top itself is "".
 */
export function canonicalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/**
 * A canonical path as one file name: what is not a letter, a digit or one of "-_.~" is a percent sign
 * and two hexadecimal digits for each byte of its UTF-8. Different paths have different names, but
 * for lone surrogates, which UTF-8 cannot tell apart. The top is "%".
 */
export function pathToName(path: string): string {
  if (path === "") return "%";
  const escapeByte = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return path.replace(/[^\w\-.~]/gu, (character) =>
    [...new TextEncoder().encode(character)].map(escapeByte).join(""),
  );
}
