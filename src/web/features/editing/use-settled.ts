import { useEffect, useState } from 'react';

/**
 * The value once it has said the same for a moment, so that each letter asks the server nothing. What is compared is what it
 * says as JSON: an object that a component makes anew each time it is shown is not another one.
 */
export const useSettled = <T>(value: T, ms = 300): T => {
  const said = JSON.stringify(value);
  const [settled, setSettled] = useState({ said, value });
  useEffect(() => {
    if (said === settled.said) return;
    const timer = setTimeout(() => setSettled({ said, value }), ms);
    return () => clearTimeout(timer);
  }, [said, settled.said, ms]);
  return settled.value;
};
