// Of all that re2js exports, what the worker uses: the rest is left out of the file.
export { RE2JS } from "re2js";
