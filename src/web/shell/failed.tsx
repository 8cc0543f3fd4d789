import { type ErrorComponentProps, useLocation, useRouter } from '@tanstack/react-router';
import { ApiProblem } from '../api/client.ts';
import { ui } from '../text/ui.ts';
import { Button, Link } from '../ui/button.tsx';
import { Empty, PageHead, problemText } from '../ui/layout.tsx';

/** In place of a screen that threw: what, the request id, and a way on. The shell keeps working. */
export const Failed = ({ error, reset }: ErrorComponentProps) => {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <>
      <PageHead title={ui.failed.title} />
      <Empty
        title={problemText(error)}
        action={
          <Button look="main" onClick={again}>
            {ui.failed.again}
          </Button>
        }
      >
        {ui.failed.why} {error instanceof ApiProblem && error.requestId && <code>{ui.failed.request(error.requestId)}</code>}
      </Empty>
    </>
  );
};

export const NotFound = () => (
  <>
    <PageHead title={ui.notFound.title} />
    <Empty
      title={ui.notFound.title}
      action={
        <Link to="/" look="button">
          {ui.notFound.action}
        </Link>
      }
    >
      {ui.notFound.why(useLocation().pathname)}
    </Empty>
  </>
);
