/** `Firefox, Linux` of what a browser calls itself. */
export const browserOf = (agent: string | null): string => {
  if (!agent) return '?';
  const name = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'].find((one) => agent.includes(one)) ?? agent.slice(0, 40);
  const system = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac OS', 'Linux'].find((one) => agent.includes(one));
  return [name === 'Edg' ? 'Edge' : name === 'OPR' ? 'Opera' : name, system].filter(Boolean).join(', ');
};
