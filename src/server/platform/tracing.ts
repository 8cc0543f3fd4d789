import { SpanStatusCode, trace } from '@opentelemetry/api';

let exporting = false;

/** Runs work as a span. Without a configured exporter this is a function call and nothing more. */
export const inSpan = <T>(name: string, attributes: Record<string, string>, work: () => Promise<T>): Promise<T> => {
  if (!exporting) return work();
  return trace.getTracer('allclear').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (thrown) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: thrown instanceof Error ? thrown.message : String(thrown) });
      throw thrown;
    } finally {
      span.end();
    }
  });
};

/** Sends spans to `endpoint` (OTLP over HTTP, the collector's base address). Loaded only when configured. Returns how to flush and stop. */
export const startTracing = async (endpoint: string): Promise<() => Promise<void>> => {
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  exporting = true;
  return () => provider.shutdown();
};
