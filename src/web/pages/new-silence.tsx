import { NewSilence } from '../features/silences/silence-form.tsx';
import { useSearchState } from '../search-state.ts';

export default function NewSilencePage() {
  const [search] = useSearchState();
  return <NewSilence key={search.alert ?? search.change ?? search.copy ?? ''} />;
}
