const isNew = 0x84;
const nothing = 0x85;
const end = 0x86;
/** References count from here, as Apple's archiver does. */
const firstReference = 0x92 - 0x100;

/** Writes an archive of Apple's NSArchiver: what it has named once it refers to afterwards, class names and types as well. */
export class TypedstreamWriter {
  readonly #bytes: Buffer[] = [Buffer.from("040b73747265616d747970656481e803", "hex")];
  readonly #strings = new Map<string, number>();
  readonly #objects = new Map<string, number>();
  #objectCount = 0;

  /** @returns the archive as it is so far */
  toBytes(): Buffer {
    return Buffer.concat(this.#bytes);
  }

  /** The type of what follows, for example `@` for an object. */
  type(encoding: string): this {
    return this.#shared(encoding);
  }

  /** Begins an object of a class; `chain` is the class and those above it, each with its version. */
  begin(chain: [name: string, version: number][]): this {
    this.#byte(isNew);
    this.#objectCount += 1;
    return this.#class(chain);
  }

  /** Ends the object that was begun last. */
  end(): this {
    return this.#byte(end);
  }

  /** A text or its bytes, with their length in front. */
  bytes(value: Uint8Array): this {
    this.integer(value.length);
    this.#bytes.push(Buffer.from(value));
    return this;
  }

  /** −110…127 is one byte; `81` and two bytes up to 32767; `82` and four bytes above. */
  integer(value: number): this {
    if (value >= firstReference && value <= 127) return this.#byte(value & 0xff);
    const bytes = Buffer.alloc(value <= 32767 ? 3 : 5);
    bytes[0] = value <= 32767 ? 0x81 : 0x82;
    if (value <= 32767) bytes.writeInt16LE(value, 1);
    else bytes.writeInt32LE(value, 1);
    this.#bytes.push(bytes);
    return this;
  }

  /** A C string, an object by itself. */
  cString(value: string): this {
    const known = this.#objects.get(`char ${value}`);
    if (known !== undefined) return this.integer(firstReference + known);
    this.#objects.set(`char ${value}`, this.#objectCount++);
    return this.#byte(isNew).#shared(value);
  }

  #class(chain: [name: string, version: number][]): this {
    const [first, ...above] = chain;
    if (first === undefined) return this.#byte(nothing);
    const [name, version] = first;
    const known = this.#objects.get(`class ${name}`);
    if (known !== undefined) return this.integer(firstReference + known);
    this.#objects.set(`class ${name}`, this.#objectCount++);
    return this.#byte(isNew).#shared(name).integer(version).#class(above);
  }

  #shared(text: string): this {
    const known = this.#strings.get(text);
    if (known !== undefined) return this.integer(firstReference + known);
    this.#strings.set(text, this.#strings.size);
    return this.#byte(isNew).bytes(Buffer.from(text, "utf8"));
  }

  #byte(value: number): this {
    this.#bytes.push(Buffer.from([value]));
    return this;
  }
}
