package organisation

// District is a part of a municipality (wijk, CBS).
type District struct {
	MunicipalityID string `gorm:"primaryKey" etag:"-"`
	Code           string `gorm:"primaryKey"` // "WK086101"
	Name           string
}

// Neighbourhood is a part of a district (buurt, CBS).
type Neighbourhood struct {
	MunicipalityID string `gorm:"primaryKey" etag:"-"`
	Code           string `gorm:"primaryKey"` // "BU08610001"
	Name           string
	DistrictCode   string
}
