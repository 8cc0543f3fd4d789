import { useEffect } from 'react';
import { ApiProblem } from '../../api/client.ts';

/** What the server said of a field, without the field's name in front: it stands at the field. */
export const fieldError = (error: unknown, field: string): string | undefined => {
  if (!(error instanceof ApiProblem) || error.field !== field) return undefined;
  return error.message.startsWith(`${field}: `) ? error.message.slice(field.length + 2) : error.message;
};

/** Brings the field that the server refused into sight, with the focus in it. */
export const useShowRefused = (error: unknown): void => {
  useEffect(() => {
    if (!error) return;
    const field = document.querySelector<HTMLElement>('main [aria-invalid="true"]');
    field?.scrollIntoView({ block: 'center' });
    field?.focus({ preventScroll: true });
  }, [error]);
};
