package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

const (
	keySuffix  = ".pem"
	othersMask = 0o007
)

// keyFiles lists the names of the key files of a directory, in order.
func keyFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("token: key directory: %w", err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), keySuffix) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// readKey reads one PKCS#8 key; when it was made is its file's time of modification.
func readKey(dir, name string) (signingKey, error) {
	file := filepath.Join(dir, name)
	info, err := os.Stat(file)
	if err != nil {
		return signingKey{}, fmt.Errorf("token: key: %w", err)
	}
	if info.Mode().Perm()&othersMask != 0 {
		return signingKey{}, fmt.Errorf("token: key %s is open to everyone; give it mode 0600", name)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return signingKey{}, fmt.Errorf("token: key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return signingKey{}, fmt.Errorf("token: key %s is not a PKCS#8 PEM (PRIVATE KEY)", name)
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return signingKey{}, fmt.Errorf("token: key %s is not PKCS#8", name)
	}
	key, err := newSigningKey(private)
	if err != nil {
		return signingKey{}, fmt.Errorf("token: key %s: %w", name, err)
	}
	key.file, key.created = file, info.ModTime()
	return key, nil
}

func newSigningKey(private any) (signingKey, error) {
	var key signingKey
	switch p := private.(type) {
	case ed25519.PrivateKey:
		key.private, key.method = p, jwt.SigningMethodEdDSA
	case *ecdsa.PrivateKey:
		key.private, key.method = p, jwt.SigningMethodES256
	}
	if key.private == nil || !suits(key.method.Alg(), key.private.Public()) {
		return signingKey{}, fmt.Errorf("use an Ed25519 or P-256 key")
	}
	kid, err := thumbprint(key.private.Public())
	if err != nil {
		return signingKey{}, err
	}
	jwk, err := jwkset.NewJWKFromKey(key.private.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{
		ALG: jwkset.ALG(key.method.Alg()), KID: kid, USE: jwkset.UseSig,
	}})
	key.public = jwk.Marshal()
	return key, err
}

// thumbprint is the key's own name: SHA-256 over its required members (RFC 7638).
func thumbprint(public crypto.PublicKey) (string, error) {
	jwk, err := jwkset.NewJWKFromKey(public, jwkset.JWKOptions{})
	if err != nil {
		return "", fmt.Errorf("token: thumbprint: %w", err)
	}
	m := jwk.Marshal()
	members := fmt.Sprintf(`{"crv":%q,"kty":%q,"x":%q}`, m.CRV, m.KTY, m.X)
	if m.KTY == jwkset.KtyEC {
		members = fmt.Sprintf(`{"crv":%q,"kty":%q,"x":%q,"y":%q}`, m.CRV, m.KTY, m.X, m.Y)
	}
	sum := sha256.Sum256([]byte(members))
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// writeKey makes a key and its file (mode 0600). The file appears whole or not at all, because
// other instances may read the directory at any moment.
func writeKey(dir, algorithm string, created time.Time) (kid string, err error) {
	private, err := generate(algorithm)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", fmt.Errorf("token: new key: %w", err)
	}
	if kid, err = thumbprint(private.Public()); err != nil {
		return "", err
	}
	draft := filepath.Join(dir, "."+kid)
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err = os.WriteFile(draft, text, 0o600); err == nil {
		err = os.Chtimes(draft, created, created)
	}
	if err == nil {
		err = os.Rename(draft, filepath.Join(dir, kid+keySuffix))
	}
	if err != nil {
		return "", fmt.Errorf("token: new key: %w", err)
	}
	return kid, nil
}

func generate(algorithm string) (crypto.Signer, error) {
	if algorithm == "ES256" {
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	return private, err
}
