// The page of an application that keeps its notes in a worker of its own. Shows what the worker says.
const worker = new Worker(new URL("./notes-worker.js", import.meta.url), { type: "module" });
worker.addEventListener("message", ({ data }) => {
  document.querySelector("output").textContent = JSON.stringify(data);
});
