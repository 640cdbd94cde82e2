"""Signed PDF: the county's own authority, a signature over the whole file, and its check.

The authority is local: nobody outside the county vouches for it. What a signature proves is that
a paper is the one that the holder of the key signed, to everybody who was given the authority's
certificate by hand.
"""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evalsys.errors import InvalidInput

AUTHORITY_YEARS = 10
SIGNER_YEARS = 3
FIELD = "evalsys"
"""The name of the signature's field in the file."""

_A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Authority:
    """A county's authority and one organ that may sign, as PEM.

    `identity` is what signing needs: the organ's key, its certificate and the authority's.
    `certificate` goes to whoever checks; `key` is kept away and makes the next identity.
    """

    certificate: bytes
    key: bytes
    identity: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of one file found. `faults` is empty when the signature holds."""

    signer: str
    signed_at: datetime | None
    faults: tuple[str, ...]


def new_authority(county: str, organ: str, now: datetime) -> Authority:
    """Draw the authority of `county` and an identity for `organ`, valid from `now` on."""
    top_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    top = _certificate(
        _name(f"{county}文书证书机构", county),
        top_key,
        _name(f"{county}文书证书机构", county),
        top_key,
        now,
        AUTHORITY_YEARS,
    )
    signer = _certificate(
        _name(organ, county),
        key,
        _name(f"{county}文书证书机构", county),
        top_key,
        now,
        SIGNER_YEARS,
    )
    shown = _pem(top)
    return Authority(shown, _private(top_key), _private(key) + _pem(signer) + shown)


def sign_paper(paper: bytes, identity: bytes, *, reason: str) -> bytes:
    """Sign a whole PDF with an identity; `reason` stands in the signature.

    Raises:
        InvalidInput: the identity or the file cannot be used, or the file is signed already.
    """
    try:
        key = load_private_key_from_pemder_data(_first_part(identity), passphrase=None)
        own, top = load_certs_from_pemder_data(identity[identity.index(b"-----BEGIN CERT") :])
    except (ValueError, IndexError) as error:
        raise InvalidInput(
            "签章身份文件不可用。", remedy="请用 evalsys sign new-authority 生成的 identity.pem。"
        ) from error
    known = SimpleCertificateStore()
    known.register(top)
    signer = SimpleSigner(signing_cert=own, signing_key=key, cert_registry=known)
    meta = PdfSignatureMetadata(field_name=FIELD, reason=reason, md_algorithm="sha256")
    out = io.BytesIO()
    try:
        if PdfFileReader(io.BytesIO(paper)).embedded_signatures:
            raise InvalidInput("文件已经签过章。", remedy="请从未签章的文件重新签。")
        sign_pdf(IncrementalPdfFileWriter(io.BytesIO(paper)), meta, signer, output=out)
    except (PdfError, SigningError, ValueError) as error:
        raise InvalidInput("文件不是可以签章的 PDF。", remedy="请选择本系统写出的 PDF。") from error
    return out.getvalue()


def check_paper(paper: bytes, authority: bytes) -> Checked:
    """Check the signature of a PDF against an authority's certificate (PEM), offline.

    Raises:
        InvalidInput: the authority's certificate cannot be read.
    """
    try:
        (root,) = load_certs_from_pemder_data(authority)
    except ValueError as error:
        raise InvalidInput(
            "证书机构的证书读不出来。", remedy="请用 new-authority 写出的 authority.pem。"
        ) from error
    try:
        signatures = PdfFileReader(io.BytesIO(paper), strict=False).embedded_signatures
        if len(signatures) != 1:
            return Checked("", None, (f"有 {len(signatures)} 个签章，应为 1 个",))
        trust = ValidationContext(trust_roots=[root], allow_fetching=False)
        status = validate_pdf_signature(signatures[0], trust)
    except (PdfError, SignatureValidationError, ValueError) as error:
        return Checked("", None, (f"文件被改动或不是 PDF：{error}",))
    faults = {
        "内容被改动": not status.intact,
        "签名不成立": not status.valid,
        "签章人不为该机构所证": not status.trusted,
        "签章之后文件又有增改": status.coverage is not SignatureCoverageLevel.ENTIRE_FILE,
        "签章无效": not status.bottom_line,
    }
    signer = status.signing_cert.subject.native.get("common_name", "")
    return Checked(
        str(signer), status.signer_reported_dt, tuple(f for f, is_so in faults.items() if is_so)
    )


def _name(common: str, county: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, county),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    years: int,
) -> x509.Certificate:
    is_top = key is issuer_key
    since = now.astimezone(UTC) - timedelta(minutes=5)  # clocks differ a little
    usage = x509.KeyUsage(
        digital_signature=not is_top,
        content_commitment=not is_top,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_top,
        crl_sign=is_top,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + years * _A_YEAR)
        .add_extension(x509.BasicConstraints(ca=is_top, path_length=0 if is_top else None), True)  # noqa: FBT003 - critical
        .add_extension(usage, True)  # noqa: FBT003 - critical
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)  # noqa: FBT003 - not critical
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            False,  # noqa: FBT003 - not critical
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _first_part(identity: bytes) -> bytes:
    end = b"-----END PRIVATE KEY-----\n"
    return identity[: identity.index(end) + len(end)]
