# A formula for a tap of Homebrew. `node scripts/formula.mjs PACKED-FILE ADDRESS HOMEPAGE` fills in what stands between @.
class Tapback < Formula
  desc "Talk to your AI agents over iMessage"
  homepage "@HOMEPAGE@"
  url "@ADDRESS@"
  sha256 "@SHA256@"
  license "MIT"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink Dir["#{libexec}/bin/*"]
  end

  # No `service` block: a second gateway would answer beside that of `tapback service install`.
  def caveats
    <<~EOS
      Messages is reached through imsg: brew install steipete/tap/imsg
      Then: tapback init, tapback service install, tapback doctor
    EOS
  end

  test do
    assert_equal "#{version}\n", shell_output("#{bin}/tapback --version")
    assert_match "every one answered", shell_output("#{bin}/tapback demo --script")
  end
end
