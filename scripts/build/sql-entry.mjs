// The build for browsers, which runs in Node too when it is given the wasm: one file serves both.
export { default } from "sql.js/dist/sql-wasm-browser.js";
