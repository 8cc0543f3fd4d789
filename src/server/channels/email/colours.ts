/** The console's design tokens as literal colours: mail programs know no variables. Contrast is computed there. */
export const LIGHT = {
  canvas: '#F6F8F8',
  surface: '#FFFFFF',
  line: '#DEE5E6',
  fg: '#11181A',
  fgMuted: '#465256',
  fgSubtle: '#5C696D',
  accent: '#0B6A5F',
  onAccent: '#FFFFFF',
  critical: '#B0211A',
  high: '#A03D00',
  medium: '#745300',
  low: '#3D5966',
} as const;

export const DARK: Record<keyof typeof LIGHT, string> = {
  canvas: '#0C1011',
  surface: '#111617',
  line: '#222A2C',
  fg: '#E5EBEB',
  fgMuted: '#A8B4B6',
  fgSubtle: '#889498',
  accent: '#2FA792',
  onAccent: '#03110E',
  critical: '#FF8F85',
  high: '#F7A266',
  medium: '#DFBF5C',
  low: '#9EBAC8',
};
