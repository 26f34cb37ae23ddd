// Regular expressions, with re2js in it: loaded at run time, by the name of its largest part.
export { compilePattern } from "../../worker/regex/compile-pattern.ts";
