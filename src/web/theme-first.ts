// Runs before anything is painted, as a classic script of its own: see vite.config.ts.
{
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem('allclear.theme');
  } catch {
    // Storage may be forbidden; the system's theme is then the theme.
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
}
