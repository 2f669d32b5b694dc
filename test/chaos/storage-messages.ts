/** What the driver says to the process that storage runs in. */
export type ToStorage =
  | {
      readonly kind: 'start';
      /** Directory of the data. */
      readonly location: string;
      /** 0 picks a free one. */
      readonly tablePort: number;
      readonly blobPort: number;
    }
  /** Answer nothing any more, and let nothing be lost that was answered. */
  | { readonly kind: 'silence' };

/** What that process says. */
export type FromStorage =
  { readonly kind: 'ready'; readonly tablePort: number; readonly blobPort: number } | { readonly kind: 'silent' };
