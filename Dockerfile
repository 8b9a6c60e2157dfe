# Build: install from the lock file and bundle. The result needs nothing but Node.
FROM node:22-slim AS build
WORKDIR /fakelet
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tools/build.mjs tools/run.mjs tools/compile.ts tools/
COPY src src
COPY routes routes
RUN node tools/build.mjs

FROM node:22-slim
WORKDIR /fakelet
ENV NODE_ENV=production FAKELET_HOST=0.0.0.0 FAKELET_ALLOW_ANONYMOUS=true
COPY package.json LICENSE ./
COPY --from=build /fakelet/dist dist
USER node
EXPOSE 8701
HEALTHCHECK --interval=5s --timeout=2s --start-period=2s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8701/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli.js"]
