# Not tested by CI, which has no container engine. It runs what `npm start` runs.
# Not an Alpine image: the embedded PostgreSQL is built against glibc.
FROM node:26-slim
WORKDIR /app
# The sources come first: installing builds the console from them.
COPY . .
RUN npm ci --omit=dev && npm cache clean --force && ./allclear serve --help > /dev/null && install -d -o node -g node -m 700 /data
USER node
ENV ALLCLEAR_DATA=/data ALLCLEAR_HOST=0.0.0.0 ALLCLEAR_PORT=8080
VOLUME /data
EXPOSE 8080
CMD ["./allclear", "serve"]
