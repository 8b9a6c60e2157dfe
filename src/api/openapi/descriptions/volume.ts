/** Texts of volumes that every cluster can give, and of claims. */
import type { FieldTexts, Texts } from './texts.ts';

const readOnly = 'Whether containers can only read the volume.';
const fsType = 'The file system of the volume, for example ext4.';
const defaultMode = 'The permissions of the files, 0644 unless said otherwise.';
const secretItems: FieldTexts = {
  items: 'Which keys become files, and where; all of them, under their own names, unless given.',
  optional: 'Whether the object or a key of it may be missing.',
};

export const volumeTexts = (): Texts => ({
  Volume: ['A directory that containers of a Pod can mount; exactly one source is set besides the name.', {
    name: 'The name of the volume, once in a Pod.',
    hostPath: 'A file or directory of the node.',
    emptyDir: 'An empty directory that is there as long as the Pod is on its node.',
    gcePersistentDisk: 'A disk of Google Compute Engine; no longer built in, a CSI driver does it.',
    awsElasticBlockStore: 'A disk of Amazon Web Services; no longer built in, a CSI driver does it.',
    gitRepo: 'A git repository at some revision; no longer supported.',
    secret: 'The keys of a Secret, as files.',
    nfs: 'A directory of an NFS server.',
    iscsi: 'A disk that is reached by iSCSI.',
    glusterfs: 'A volume of Glusterfs; no longer supported.',
    persistentVolumeClaim: 'The volume that a PersistentVolumeClaim of the namespace is bound to.',
    rbd: 'A block device of Ceph; no longer supported.',
    flexVolume: 'A volume of a driver that is a program on the node; outdated, use a CSI driver.',
    cinder: 'A disk of OpenStack; no longer built in, a CSI driver does it.',
    cephfs: 'A file system of Ceph; no longer supported.',
    flocker: 'A volume of Flocker; no longer supported.',
    downwardAPI: 'Fields of the Pod, as files.',
    fc: 'A disk that is reached by Fibre Channel.',
    azureFile: 'A file share of Azure; no longer built in, a CSI driver does it.',
    configMap: 'The keys of a ConfigMap, as files.',
    vsphereVolume: 'A disk of vSphere; no longer built in, a CSI driver does it.',
    quobyte: 'A volume of Quobyte; no longer supported.',
    azureDisk: 'A disk of Azure; no longer built in, a CSI driver does it.',
    photonPersistentDisk: 'A disk of Photon; no longer supported.',
    projected: 'Several sources, put into one directory.',
    portworxVolume: 'A volume of Portworx; no longer built in, a CSI driver does it.',
    scaleIO: 'A volume of ScaleIO; no longer supported.',
    storageos: 'A volume of StorageOS; no longer supported.',
    csi: 'A volume that a CSI driver makes for this Pod.',
    ephemeral: 'A volume for which a claim is made that lives as long as the Pod.',
    image: 'The files of an image, read-only.',
  }],
  HostPathVolumeSource: ['A file or directory of the node.', {
    path: 'The path on the node; links are followed.',
    type: 'What has to be at the path, or is made there, for example DirectoryOrCreate; not checked when empty.',
  }],
  EmptyDirVolumeSource: ['An empty directory that is there as long as the Pod is on its node.', {
    medium: 'Where the files are: on the node\'s disk when empty, or in Memory.',
    sizeLimit: 'How large the files may become before the Pod is evicted; no bound unless given.',
  }],
  SecretVolumeSource: ['The keys of a Secret, as files.', {
    ...secretItems,
    secretName: 'The name of the Secret.',
    defaultMode,
  }],
  ConfigMapVolumeSource: ['The keys of a ConfigMap, as files.', {
    ...secretItems,
    name: 'The name of the ConfigMap.',
    defaultMode,
  }],
  KeyToPath: ['A key that becomes a file.', {
    key: 'The key.',
    path: 'The path of the file within the volume.',
    mode: 'The permissions of this file; those of the volume unless given.',
  }],
  DownwardAPIVolumeSource: ['Fields of the Pod, as files.', {
    items: 'The files.',
    defaultMode,
  }],
  DownwardAPIVolumeFile: ['A file that shows a field of the Pod; one of fieldRef and resourceFieldRef is set.', {
    path: 'The path of the file within the volume.',
    fieldRef: 'The field, for example metadata.labels.',
    resourceFieldRef: 'A request or limit of a container.',
    mode: 'The permissions of this file; those of the volume unless given.',
  }],
  ProjectedVolumeSource: ['Several sources, put into one directory.', {
    sources: 'The sources, in order.',
    defaultMode,
  }],
  VolumeProjection: ['One source of a projected volume; exactly one member is set.', {
    secret: 'Keys of a Secret.',
    downwardAPI: 'Fields of the Pod.',
    configMap: 'Keys of a ConfigMap.',
    serviceAccountToken: 'A token of the Pod\'s ServiceAccount, which is renewed before it expires.',
    clusterTrustBundle: 'Certificates of ClusterTrustBundles.',
    podCertificate: 'A key and a certificate that are made for this Pod.',
  }],
  SecretProjection: ['Keys of a Secret in a projected volume.', {
    ...secretItems,
    name: 'The name of the Secret.',
  }],
  ConfigMapProjection: ['Keys of a ConfigMap in a projected volume.', {
    ...secretItems,
    name: 'The name of the ConfigMap.',
  }],
  DownwardAPIProjection: ['Fields of the Pod in a projected volume.', { items: 'The files.' }],
  ServiceAccountTokenProjection: ['A token of the Pod\'s ServiceAccount.', {
    audience: 'Whom the token is meant for; the API server unless given.',
    expirationSeconds: 'How many seconds the token is good for, at least 600; 3600 unless given.',
    path: 'The path of the file within the volume.',
  }],
  ClusterTrustBundleProjection: ['Certificates of ClusterTrustBundles in one file.', {
    name: 'The one bundle to take; not together with signerName.',
    signerName: 'Takes all bundles of this signer that the selector chooses.',
    labelSelector: 'Chooses bundles of the signer by their labels; none when it is missing.',
    optional: 'Whether the Pod starts even when no bundle is there.',
    path: 'The path of the file within the volume.',
  }],
  PodCertificateProjection: ['A key and a certificate that are made for this Pod and renewed in time.', {
    signerName: 'The signer of the certificate.',
    keyType: 'The type of the key, for example ED25519.',
    maxExpirationSeconds: 'For how many seconds the certificate may be good at most.',
    credentialBundlePath: 'The path of a file with the key and the certificates.',
    keyPath: 'The path of a file with the key alone.',
    certificateChainPath: 'The path of a file with the certificates alone.',
    userAnnotations: 'Further data for the signer.',
  }],
  NFSVolumeSource: ['A directory of an NFS server.', {
    server: 'The name or address of the server.',
    path: 'The directory that the server exports.',
    readOnly,
  }],
  PersistentVolumeClaimVolumeSource: ['The volume of a PersistentVolumeClaim.', {
    claimName: 'The name of the claim, in the namespace of the Pod.',
    readOnly,
  }],
  CSIVolumeSource: ['A volume that a CSI driver makes for one Pod.', {
    driver: 'The name of the driver.',
    readOnly,
    fsType: 'The file system of the volume; the driver chooses unless given.',
    volumeAttributes: 'Settings for the driver.',
    nodePublishSecretRef: 'A Secret that the driver is given when it mounts the volume.',
  }],
  EphemeralVolumeSource: ['A volume with a claim that is made for one Pod and deleted with it.', {
    volumeClaimTemplate: 'What the claim looks like; it is named after the Pod and the volume.',
  }],
  ImageVolumeSource: ['The files of an image, read-only.', {
    reference: 'The image, as containers name it.',
    pullPolicy: 'When the image is pulled: Always, Never or IfNotPresent.',
  }],
  ISCSIVolumeSource: ['A disk that is reached by iSCSI.', {
    targetPortal: 'The address of the target, with the port when it is not 3260.',
    iqn: 'The qualified name of the target.',
    lun: 'The number of the disk at the target.',
    iscsiInterface: 'The interface of the initiator; default unless given.',
    fsType,
    readOnly,
    portals: 'Further addresses of the target.',
    chapAuthDiscovery: 'Whether the discovery of targets uses CHAP.',
    chapAuthSession: 'Whether sessions use CHAP.',
    secretRef: 'The Secret with the credentials for CHAP.',
    initiatorName: 'A name for the initiator of its own.',
  }],
  FCVolumeSource: ['A disk that is reached by Fibre Channel.', {
    targetWWNs: 'The worldwide names of the targets.',
    lun: 'The number of the disk at the targets.',
    fsType,
    readOnly,
    wwids: 'Identifiers of the disk, in place of targets and number.',
  }],
  FlexVolumeSource: ['A volume of a driver that is a program on the node.', {
    driver: 'The name of the driver.',
    fsType,
    secretRef: 'A Secret that the driver is given.',
    readOnly,
    options: 'Settings for the driver.',
  }],
});
