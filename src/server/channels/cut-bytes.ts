/** The text in at most so many bytes of UTF-8, at least 3; what was cut off is told by an ellipsis. */
export const cutBytes = (text: string, limit: number): string => {
  const bytes = Buffer.from(text);
  // `stream: true` holds back a character that the cut has split.
  return bytes.length <= limit ? text : `${new TextDecoder().decode(bytes.subarray(0, limit - 3), { stream: true })}…`;
};
