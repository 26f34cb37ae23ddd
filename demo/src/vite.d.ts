// What Vite puts into a page: nothing else of its types is used here.

interface ImportMeta {
  readonly env: { readonly PROD: boolean };
}
