// Prints the spans of a gateway, one line of JSON each. Start it before the gateway, in the same process:
//   npm install @opentelemetry/api @opentelemetry/sdk-trace-base
//   node --import ./tracing.mjs "$(which tapback)" gateway
// In the place of the printer stands the exporter of your choice, such as @opentelemetry/exporter-trace-otlp-proto.
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

const printer = {
  export(spans, done) {
    for (const span of spans) {
      const { name, attributes, duration, parentSpanContext } = span;
      const { traceId, spanId } = span.spanContext();
      const ms = duration[0] * 1000 + duration[1] / 1e6;
      console.log(
        JSON.stringify({ name, ms, traceId, spanId, parent: parentSpanContext?.spanId, attributes }),
      );
    }
    done({ code: 0 });
  },
  async shutdown() {},
};

trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(printer)] }),
);
