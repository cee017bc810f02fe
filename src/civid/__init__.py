"""civid: national identity registration on a native fingerprint engine.

The names below are all that most programs need; the rest stands in the subpackages. They load
on first use, so that ``import civid`` costs almost nothing.
"""

from importlib import import_module as _import_module

__version__ = "0.2.0"

#: Public name -> the module that defines it; kept the same as ``__init__.pyi`` by a test.
_WHERE = {
    "AccessRefusedError": "civid.errors",
    "AlreadyInRegisterError": "civid.errors",
    "CampaignError": "civid.errors",
    "Candidate": "civid.search",
    "ChangedMeanwhileError": "civid.errors",
    "CividError": "civid.errors",
    "ClusterError": "civid.errors",
    "CodeError": "civid.errors",
    "Comparison": "civid.fingerprint.compare",
    "ComparisonParameters": "civid.fingerprint.comparison_parameters",
    "DateError": "civid.errors",
    "Duplicate": "civid.search",
    "Examination": "civid.fingerprint.quality",
    "ExtractionParameters": "civid.fingerprint.parameters",
    "FieldError": "civid.errors",
    "FingerImage": "civid.fingerprint.image",
    "ForeignRegisterError": "civid.errors",
    "FormError": "civid.errors",
    "FormatError": "civid.errors",
    "FusionParameters": "civid.search",
    "Gallery": "civid.search",
    "GalleryBehindError": "civid.errors",
    "GalleryDamagedError": "civid.errors",
    "GalleryError": "civid.errors",
    "GalleryFormatError": "civid.errors",
    "GalleryKeyError": "civid.errors",
    "GalleryLockedError": "civid.errors",
    "GalleryMovedError": "civid.errors",
    "GalleryReadOnlyError": "civid.errors",
    "GalleryStorageError": "civid.errors",
    "Gate": "civid.fingerprint.gate",
    "HeldError": "civid.errors",
    "HouseholdError": "civid.errors",
    "ImageError": "civid.errors",
    "IncompleteError": "civid.errors",
    "NativeError": "civid.errors",
    "NotAcknowledgedError": "civid.errors",
    "NotInRegisterError": "civid.errors",
    "NumberError": "civid.errors",
    "NumberTakenError": "civid.errors",
    "NumbersExhaustedError": "civid.errors",
    "PersonNameError": "civid.errors",
    "PlaceError": "civid.errors",
    "Position": "civid.position",
    "QualityReport": "civid.fingerprint.quality",
    "RegisterDamagedError": "civid.errors",
    "RegisterError": "civid.errors",
    "RegisterFormatError": "civid.errors",
    "RegisterKeyError": "civid.errors",
    "RegisterLockedError": "civid.errors",
    "RegisterStorageError": "civid.errors",
    "ResolutionError": "civid.errors",
    "RowsRefusedError": "civid.errors",
    "SearchError": "civid.errors",
    "SearchParameters": "civid.search",
    "StorageDamagedError": "civid.errors",
    "StorageError": "civid.errors",
    "StorageFormatError": "civid.errors",
    "StorageKeyError": "civid.errors",
    "StorageLockedError": "civid.errors",
    "StorageWriteError": "civid.errors",
    "SubjectExistsError": "civid.errors",
    "SubjectIdError": "civid.errors",
    "SubjectNotFoundError": "civid.errors",
    "Template": "civid.fingerprint.template",
    "TemplateError": "civid.errors",
    "TransitionError": "civid.errors",
    "UnavailableError": "civid.errors",
    "Upload": "civid.fingerprint.upload",
    "UploadedPrint": "civid.fingerprint.upload",
    "Verdict": "civid.fingerprint.gate",
    "assess": "civid.fingerprint.quality",
    "compare": "civid.fingerprint.compare",
    "cpu": "civid.cpu",
    "examine": "civid.fingerprint.quality",
    "explain": "civid.fingerprint.extract",
    "extract": "civid.fingerprint.extract",
    "read_image": "civid.fingerprint.image",
    "read_upload": "civid.fingerprint.upload",
}

__all__ = sorted([*_WHERE, "__version__"])


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'civid' has no attribute {name!r}")
    module = _import_module(_WHERE[name])
    value = module if name == "cpu" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
