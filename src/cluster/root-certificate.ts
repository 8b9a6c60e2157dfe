/**
 * The certificate in every namespace's kube-root-ca.crt when the server has none of its own (plain HTTP). Programs in
 * Pods expect a PEM there; nothing is signed with its key, which was thrown away.
 */
export const rootCertificate = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBgDCCASegAwIBAgIUK43a+zabvzepQSoQXUznUHfWZfgwCgYIKoZIzj0EAwIw',
  'FTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjIyMjQ0MTNaGA8yMTI2MTAy',
  'OTIyNDQxM1owFTETMBEGA1UEAwwKa3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqG',
  'SM49AwEHA0IABDxvQ+WT2NBgoaI6paH66UChOKAYBPyPClZI/YtxYvYPYsh6PwLb',
  'jKv9fKL26HjYALic6B7JmNAuTRD3ZSMoVmSjUzBRMB0GA1UdDgQWBBQ6CykHMRJB',
  '1kD/Wg1Yu4e8HNC1IzAfBgNVHSMEGDAWgBQ6CykHMRJB1kD/Wg1Yu4e8HNC1IzAP',
  'BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIBfq8v33MkUzq3Hcx521',
  '77viRYRSX53vs+QHd4Vb2q/vAiBbNSwBfBsVm9LhKxI+FOayGKbWHqjPflWDRjRs',
  'wsD3JA==',
  '-----END CERTIFICATE-----',
  '',
].join('\n');
